"""What a person is told of without looking for it: the bell, its list, the message of the tray; from timers of ours."""
