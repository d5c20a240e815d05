// Bytes typed at the console. They wait in a ring so that a long-running command can look for Ctrl-C without
// losing what was typed ahead; while the ring is full the UART's flow control holds the sender back.
#include "input.h"

#include "machine.h"
#include "timer.h"
#include "uart.h"

enum { RING = 256, CTRL_C = 3, POLL_MS = 20 };

static int16_t ring[RING];
static unsigned head, tail;
static bool after_return;

static unsigned ring_used(void) {
  return (tail - head) % RING;
}

static void pump(void) {
  while (ring_used() < RING - 1) {
    int key = uart_receive();
    if (key == UART_NOTHING) return;
    bool newline_of_pair = key == '\n' && after_return;
    after_return = key == '\r';
    if (newline_of_pair) continue;
    ring[tail] = (int16_t)(key == '\n' ? '\r' : key == UART_BREAK ? KEY_BREAK : key);
    tail = (tail + 1) % RING;
  }
}

int input_wait(uint64_t deadline) {
  for (;;) {
    pump();
    if (ring_used() > 0) {
      int key = ring[head];
      head = (head + 1) % RING;
      return key;
    }
    uint64_t now = timer_now();
    if (now >= deadline) return KEY_TIMEOUT;
    uint64_t look_again = machine.uart_intid ? TIMER_NEVER : now + timer_ticks(POLL_MS);
    timer_sleep(look_again < deadline ? look_again : deadline);
  }
}

bool input_interrupted(void) {
  pump();
  for (unsigned at = head; at != tail; at = (at + 1) % RING) {
    if (ring[at] != CTRL_C && ring[at] != KEY_BREAK) continue;
    head = (at + 1) % RING;
    return true;
  }
  return false;
}

void input_discard(void) {
  do {
    head = tail;
    pump();
  } while (ring_used() > 0);
}
