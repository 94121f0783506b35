// --- figures
