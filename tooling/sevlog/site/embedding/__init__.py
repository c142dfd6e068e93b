"""What other web sites show of the state: badges, the widget's script, and a page for a frame."""
