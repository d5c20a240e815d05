// The generic timer. The virtual timer is the one that every exception level may use with the same registers.
#include "timer.h"

#include "machine.h"
#include "sysreg.h"

enum { CTL_ENABLE = 1 };

uint64_t timer_now(void) {
  isb();
  return READ_SYSREG(CNTVCT_EL0);
}

uint64_t timer_frequency(void) {
  uint64_t frequency = READ_SYSREG(CNTFRQ_EL0);
  return frequency ? frequency : 1;
}

uint64_t timer_ticks(uint64_t milliseconds) {
  return timer_frequency() * milliseconds / 1000;
}

uint64_t timer_milliseconds(uint64_t ticks) {
  uint64_t frequency = timer_frequency();
  return ticks / frequency * 1000 + ticks % frequency * 1000 / frequency;
}

void timer_sleep(uint64_t deadline) {
  if (!machine.can_sleep) return;
  if (deadline != TIMER_NEVER) {
    WRITE_SYSREG(CNTV_CVAL_EL0, deadline);
    WRITE_SYSREG(CNTV_CTL_EL0, CTL_ENABLE);
    isb();
  }
  // An interrupt that became pending since the caller looked makes this return at once.
  wfi();
  WRITE_SYSREG(CNTV_CTL_EL0, 0);
  isb();
}
