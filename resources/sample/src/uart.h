// The PL011 UART (Arm DDI 0183G).
#ifndef UART_H
#define UART_H

#include <stddef.h>
#include <stdint.h>

// What uart_receive returns beside a byte.
enum { UART_NOTHING = -1, UART_BREAK = 0x100 };

void uart_start(uintptr_t base);
void uart_write(const char *bytes, size_t count);
int uart_receive(void);

#endif
