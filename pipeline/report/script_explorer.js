// --- explorer
