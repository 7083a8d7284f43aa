"""What people paste and save: capset files, hex dumps, C arrays, kernel logs."""
