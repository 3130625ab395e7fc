"""The rules that clocks run by: working hours, holidays and policies, to be read by all and changed by leads."""
