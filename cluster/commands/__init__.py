"""One file a group of commands; `cluster/command_line.py` names them."""
