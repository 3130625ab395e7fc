"""What stands around the pages: places at the left, tabs at the right, menus, the foot, what is remembered."""
