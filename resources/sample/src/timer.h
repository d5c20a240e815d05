// The generic timer: time in counter ticks, and sleep.
#ifndef TIMER_H
#define TIMER_H

#include <stdint.h>

#define TIMER_NEVER UINT64_MAX

uint64_t timer_now(void);
// Ticks a second.
uint64_t timer_frequency(void);
uint64_t timer_ticks(uint64_t milliseconds);
uint64_t timer_milliseconds(uint64_t ticks);

// Stops the CPU until an enabled interrupt is pending or the time has come; may return earlier.
void timer_sleep(uint64_t deadline);

#endif
