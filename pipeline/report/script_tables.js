// --- tables
