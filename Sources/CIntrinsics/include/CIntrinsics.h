#ifndef ZSCOPE_CINTRINSICS_H
#define ZSCOPE_CINTRINSICS_H
// What Swift's SIMD types cannot say directly. Everything here is inline and branch-free.

typedef float zscope_float16 __attribute__((ext_vector_type(16)));

/// Swift's `squareRoot()` on SIMD16 is a loop of scalar calls; this is one instruction a register.
static inline zscope_float16 zscope_square_root16(zscope_float16 x) {
  return __builtin_elementwise_sqrt(x);
}

#endif
