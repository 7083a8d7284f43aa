"""The forms in which people save and paste capsets: capset files, hex dumps, C arrays, and kernel logs about them."""
