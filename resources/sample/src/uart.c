// The PL011 UART (Arm DDI 0183G): 115200 baud 8N1, interrupt on reception.
#include "uart.h"

#include "sysreg.h"

enum { DR = 0x00, FR = 0x18, IBRD = 0x24, FBRD = 0x28, LCR_H = 0x2c, CR = 0x30, IMSC = 0x38, ICR = 0x44 };
enum { FR_RXFE = 1 << 4, FR_TXFF = 1 << 5 };
enum { DR_BREAK = 1 << 10 };
enum { LCR_8_BITS = 3 << 5 };
enum { CR_ENABLE = 1 << 0, CR_TX = 1 << 8, CR_RX = 1 << 9 };
enum { INT_RX = 1 << 4, INT_ALL = 0x7ff };

static uintptr_t uart;

void uart_start(uintptr_t base) {
  uart = base;
  mmio_write32(uart + CR, 0);
  // Divisor 13 1/64 of the 24 MHz clock that virt gives its UARTs.
  mmio_write32(uart + IBRD, 13);
  mmio_write32(uart + FBRD, 1);
  // The FIFOs stay off: switching them drops a byte that is already waiting, after which QEMU takes no more input until
  // the data register is read (hw/char/pl011.c: pl011_reset_rx_fifo, qemu_chr_fe_accept_input).
  mmio_write32(uart + LCR_H, LCR_8_BITS);
  mmio_write32(uart + ICR, INT_ALL);
  mmio_write32(uart + IMSC, INT_RX);
  mmio_write32(uart + CR, CR_ENABLE | CR_TX | CR_RX);
}

void uart_write(const char *bytes, size_t count) {
  for (; count > 0; count--) {
    while (mmio_read32(uart + FR) & FR_TXFF) {
    }
    mmio_write32(uart + DR, (uint8_t)*bytes++);
  }
}

// Reading the byte ends the receive interrupt. Clearing it here as well would lose the one of the next byte, and
// the CPU would sleep over it.
int uart_receive(void) {
  if (mmio_read32(uart + FR) & FR_RXFE) return UART_NOTHING;
  uint32_t data = mmio_read32(uart + DR);
  return data & DR_BREAK ? UART_BREAK : (int)(data & 0xff);
}
