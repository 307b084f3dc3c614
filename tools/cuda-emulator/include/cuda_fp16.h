// Everything of this header that is emulated stands in device.h.
