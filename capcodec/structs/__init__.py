"""From a declaration to a class: offsets, layouts, fields, columns, and the core that turns them into objects."""
