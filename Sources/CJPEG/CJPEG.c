#include "CJPEG.h"

#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#define MESSAGE_SIZE 200
/// Real pictures have ten scans; thousands over the same pixels are made to cost hours.
#define MOST_SCANS 100

/// The functions of libjpeg that are used: looked up when the first JPEG comes, so that no start waits for the library.
static struct {
  struct jpeg_error_mgr *(*std_error)(struct jpeg_error_mgr *);
  void (*create)(j_decompress_ptr, int, size_t);
  void (*destroy)(j_decompress_ptr);
  void (*source)(j_decompress_ptr, const unsigned char *, unsigned long);
  int (*header)(j_decompress_ptr, boolean);
  boolean (*start)(j_decompress_ptr);
  JDIMENSION (*rows)(j_decompress_ptr, JSAMPARRAY, JDIMENSION);
  boolean (*finish)(j_decompress_ptr);
} jpeg;

static int jpeg_is_there;

static void load(void) {
  // The version whose header this was compiled with: its structures are laid out like that.
#if JPEG_LIB_VERSION >= 80
  void *library = dlopen("libjpeg.so.8", RTLD_NOW | RTLD_LOCAL);
#else
  void *library = dlopen("libjpeg.so.62", RTLD_NOW | RTLD_LOCAL);
#endif
  if (!library) return;
  *(void **)&jpeg.std_error = dlsym(library, "jpeg_std_error");
  *(void **)&jpeg.create = dlsym(library, "jpeg_CreateDecompress");
  *(void **)&jpeg.destroy = dlsym(library, "jpeg_destroy_decompress");
  *(void **)&jpeg.source = dlsym(library, "jpeg_mem_src");
  *(void **)&jpeg.header = dlsym(library, "jpeg_read_header");
  *(void **)&jpeg.start = dlsym(library, "jpeg_start_decompress");
  *(void **)&jpeg.rows = dlsym(library, "jpeg_read_scanlines");
  *(void **)&jpeg.finish = dlsym(library, "jpeg_finish_decompress");
  jpeg_is_there = jpeg.std_error && jpeg.create && jpeg.destroy && jpeg.source && jpeg.header && jpeg.start &&
                  jpeg.rows && jpeg.finish;
}

struct CJPEGReader {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf failed;
  /// A row of four inks, where a picture is made of those.
  uint8_t *inks;
  /// Whether pixels are red, green and blue when they are read.
  int is_coloured;
  int has_begun;
  enum CJPEGResult result;
  char *message;
};

static struct CJPEGReader *reader_of(j_common_ptr info) { return (struct CJPEGReader *)info->client_data; }

static void fail(j_common_ptr info) {
  struct CJPEGReader *reader = reader_of(info);
  char text[JMSG_LENGTH_MAX];
  (*info->err->format_message)(info, text);
  snprintf(reader->message, MESSAGE_SIZE, "%s", text);
  longjmp(reader->failed, 1);
}

/// Warnings of data that are not there or not right are errors: libjpeg would fill the picture with grey.
static void warn(j_common_ptr info, int level) {
  if (level >= 0) return;
  int code = info->err->msg_code;
  if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER) {
    reader_of(info)->result = CJPEG_TRUNCATED;
    fail(info);
  }
  if (code == JWRN_HUFF_BAD_CODE || code == JWRN_ARITH_BAD_CODE || code == JWRN_MUST_RESYNC) fail(info);
}

static void print_nothing(j_common_ptr info) { (void)info; }

static void limit_scans(j_common_ptr info) {
  if (((j_decompress_ptr)info)->input_scan_number > MOST_SCANS) {
    snprintf(reader_of(info)->message, MESSAGE_SIZE, "more than %d scans", MOST_SCANS);
    longjmp(reader_of(info)->failed, 1);
  }
}

enum CJPEGResult cjpeg_open(
    const uint8_t *bytes, size_t size, struct CJPEGReader **result, uint32_t *width, uint32_t *height,
    bool *is_coloured, char *message) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  if (!jpeg_is_there) return CJPEG_ABSENT;
  struct CJPEGReader *reader = calloc(1, sizeof *reader);
  if (!reader) {
    snprintf(message, MESSAGE_SIZE, "no memory is left");
    return CJPEG_BROKEN;
  }
  reader->message = message;
  reader->result = CJPEG_BROKEN;
  reader->info.err = jpeg.std_error(&reader->errors);
  reader->errors.error_exit = fail;
  reader->errors.emit_message = warn;
  reader->errors.output_message = print_nothing;
  reader->info.client_data = reader;
  if (setjmp(reader->failed)) {
    enum CJPEGResult why = reader->result;
    cjpeg_close(reader);
    return why;
  }
  jpeg.create(&reader->info, JPEG_LIB_VERSION, sizeof reader->info);
  // Creation clears the structure, all but the error manager.
  reader->info.client_data = reader;
  reader->progress.progress_monitor = limit_scans;
  reader->info.progress = &reader->progress;
  jpeg.source(&reader->info, bytes, size);
  jpeg.header(&reader->info, TRUE);
  *width = reader->info.image_width;
  *height = reader->info.image_height;
  *is_coloured = reader->is_coloured = reader->info.num_components > 1;
  *result = reader;
  return CJPEG_DONE;
}

static int has_inks(const struct CJPEGReader *reader) {
  return reader->info.jpeg_color_space == JCS_CMYK || reader->info.jpeg_color_space == JCS_YCCK;
}

/// Red, green and blue of inks (cyan, magenta, yellow, black).
static void colours_of_inks(const struct CJPEGReader *reader, uint8_t *row) {
  // Programs of Adobe, and others that leave their mark, store how much of each ink is not there.
  const int turn = reader->info.saw_Adobe_marker ? 0 : 255;
  for (size_t x = 0; x < reader->info.output_width; x++) {
    const uint8_t *ink = reader->inks + 4 * x;
    for (int channel = 0; channel < 3; channel++)
      row[3 * x + channel] = (uint8_t)(((turn ^ ink[channel]) * (turn ^ ink[3]) + 127) / 255);
  }
}

static enum CJPEGResult begin(struct CJPEGReader *reader) {
  reader->info.out_color_space = has_inks(reader) ? JCS_CMYK : reader->is_coloured ? JCS_RGB : JCS_GRAYSCALE;
  jpeg.start(&reader->info);
  reader->has_begun = 1;
  if (has_inks(reader) && !(reader->inks = malloc(4 * (size_t)reader->info.output_width))) {
    snprintf(reader->message, MESSAGE_SIZE, "no memory is left");
    return CJPEG_BROKEN;
  }
  return CJPEG_DONE;
}

enum CJPEGResult cjpeg_read_row(struct CJPEGReader *reader, uint8_t *row, char *message) {
  reader->message = message;
  if (setjmp(reader->failed)) return reader->result;
  if (!reader->has_begun && begin(reader) != CJPEG_DONE) return CJPEG_BROKEN;
  if (reader->info.output_scanline >= reader->info.output_height) return CJPEG_DONE;
  JSAMPROW samples = has_inks(reader) ? reader->inks : row;
  jpeg.rows(&reader->info, &samples, 1);
  if (has_inks(reader)) colours_of_inks(reader, row);
  if (reader->info.output_scanline == reader->info.output_height) jpeg.finish(&reader->info);
  return CJPEG_DONE;
}

void cjpeg_close(struct CJPEGReader *reader) {
  jpeg.destroy(&reader->info);
  free(reader->inks);
  free(reader);
}
