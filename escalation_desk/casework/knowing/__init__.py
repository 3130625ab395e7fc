"""What the desk knows and how it works: questions with answers, procedures and the checklists they become."""
