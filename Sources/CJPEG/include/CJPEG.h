#ifndef CJPEG_H
#define CJPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What reading a JPEG came to.
enum CJPEGResult {
  CJPEG_DONE,
  /// The data are damaged or of a kind libjpeg does not read; the message says how.
  CJPEG_BROKEN,
  /// The data end too early.
  CJPEG_TRUNCATED,
  /// There is no libjpeg on this machine.
  CJPEG_ABSENT,
};

/// A JPEG in memory, opened by `cjpeg_open` and closed by `cjpeg_close`, whatever came between.
struct CJPEGReader;

/// Reads the header of `size` bytes, which stay valid until the reader is closed.
///
/// On success `width`, `height` and `is_coloured` are set and the reader is in `reader`; otherwise `message` (200 bytes)
/// says what is wrong, and there is nothing to close.
enum CJPEGResult cjpeg_open(
  const uint8_t *bytes, size_t size, struct CJPEGReader **reader, uint32_t *width, uint32_t *height, bool *is_coloured,
  char *message);

/// Decodes the next row: into `width` grey values, or `3 * width` values red, green and blue of a coloured picture.
enum CJPEGResult cjpeg_read_row(struct CJPEGReader *reader, uint8_t *row, char *message);

/// Gives back what the reader holds.
void cjpeg_close(struct CJPEGReader *reader);

#endif
