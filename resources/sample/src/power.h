// Power-off and reset by PSCI or, where there is no PSCI, by the board's GPIO lines.
#ifndef POWER_H
#define POWER_H

// Both return only when the machine offers no way.
void power_off(void);
void power_restart(void);

#endif
