#ifndef ZSCOPE_CINTRINSICS_H
#define ZSCOPE_CINTRINSICS_H
// What Swift cannot say directly: vector instructions that its SIMD types turn into loops of scalar calls, processor
// modes, and the futex. Everything here is inline, so each kernel target gets it for its own instruction set.

#include <stdint.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

typedef float zscope_float16 __attribute__((ext_vector_type(16)));
typedef int32_t zscope_int16 __attribute__((ext_vector_type(16)));
typedef uint32_t zscope_uint16 __attribute__((ext_vector_type(16)));

/// Swift's `squareRoot()` on SIMD16 is a loop of scalar calls; this is one instruction a register.
static inline __attribute__((always_inline)) zscope_float16 zscope_square_root16(zscope_float16 x) {
  return __builtin_elementwise_sqrt(x);
}

/// `a·b + c`, fused where the target has the instruction; two roundings elsewhere, because a library call a lane
/// would be a hundred times slower.
#if defined(__FMA__) || defined(__aarch64__)
#define ZSCOPE_MULTIPLY_ADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
#define ZSCOPE_MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif
static inline __attribute__((always_inline)) zscope_float16 zscope_multiply_add16(
    zscope_float16 a, zscope_float16 b, zscope_float16 c) {
  return ZSCOPE_MULTIPLY_ADD(a, b, c);
}

typedef double zscope_double4 __attribute__((ext_vector_type(4)));
static inline __attribute__((always_inline)) zscope_double4 zscope_multiply_add4(
    zscope_double4 a, zscope_double4 b, zscope_double4 c) {
  return ZSCOPE_MULTIPLY_ADD(a, b, c);
}

/// The larger of a lane and `least`.
static inline __attribute__((always_inline)) zscope_double4 zscope_at_least4(zscope_double4 x, double least) {
  return __builtin_elementwise_max(x, (zscope_double4)(least));
}

/// Whole numbers as floats.
static inline __attribute__((always_inline)) zscope_float16 zscope_float_from_int16(zscope_int16 x) {
  return __builtin_convertvector(x, zscope_float16);
}

/// Choices lane by lane. Swift's integer comparisons of vectors are loops over the lanes.
#define ZSCOPE_CHOICE(NAME, OPERAND, CONDITION)                                                   \
  static inline __attribute__((always_inline)) zscope_float16 NAME(                               \
      OPERAND a, OPERAND b, zscope_float16 then, zscope_float16 otherwise) {                      \
    return (CONDITION) ? then : otherwise;                                                        \
  }
ZSCOPE_CHOICE(zscope_if_less16, zscope_float16, a < b)
ZSCOPE_CHOICE(zscope_if_at_least16, zscope_float16, a >= b)
ZSCOPE_CHOICE(zscope_if_different16, zscope_float16, a != b)
ZSCOPE_CHOICE(zscope_if_int_less16, zscope_int16, a < b)
ZSCOPE_CHOICE(zscope_if_int_equal16, zscope_int16, a == b)

/// One bit for each lane that is not zero, the first lane lowest.
typedef _Bool zscope_bool16 __attribute__((ext_vector_type(16)));
static inline __attribute__((always_inline)) uint16_t zscope_nonzero_bits16(zscope_float16 x) {
  zscope_bool16 set = __builtin_convertvector(x != 0, zscope_bool16);
  uint16_t bits;
  __builtin_memcpy(&bits, &set, sizeof bits);
  return bits;
}

/// One bit for each lane in which `a` and `b` differ, the first lane lowest.
static inline __attribute__((always_inline)) uint16_t zscope_different_bits16(zscope_int16 a, zscope_int16 b) {
  zscope_bool16 set = __builtin_convertvector(a != b, zscope_bool16);
  uint16_t bits;
  __builtin_memcpy(&bits, &set, sizeof bits);
  return bits;
}

/// The lanes whose bits are set, one after the other from the first, and zeros behind them.
static inline __attribute__((always_inline)) zscope_float16 zscope_pack16(zscope_float16 x, uint16_t bits) {
#if defined(__AVX512F__)
  return (zscope_float16)__builtin_ia32_compresssf512_mask(x, (zscope_float16)(0.0f), bits);
#else
  float lanes[16], packed[16];
  __builtin_memcpy(lanes, &x, sizeof lanes);
  int count = 0;
  for (int lane = 0; lane < 16; lane++) {
    packed[count] = lanes[lane];
    count += bits >> lane & 1;
  }
  for (int lane = count; lane < 16; lane++) packed[lane] = 0.0f;
  zscope_float16 result;
  __builtin_memcpy(&result, packed, sizeof result);
  return result;
#endif
}

/// The reverse: the first lanes in the places whose bits are set, zeros in the others.
static inline __attribute__((always_inline)) zscope_float16 zscope_unpack16(zscope_float16 x, uint16_t bits) {
#if defined(__AVX512F__)
  return (zscope_float16)__builtin_ia32_expandsf512_mask(x, (zscope_float16)(0.0f), bits);
#else
  float packed[16], unpacked[16];
  __builtin_memcpy(packed, &x, sizeof packed);
  int count = 0;
  for (int lane = 0; lane < 16; lane++) {
    unpacked[lane] = bits >> lane & 1 ? packed[count] : 0.0f;
    count += bits >> lane & 1;
  }
  zscope_float16 result;
  __builtin_memcpy(&result, unpacked, sizeof result);
  return result;
#endif
}

/// Stores the first `count` lanes, of 1 … 16, and touches nothing behind them.
static inline __attribute__((always_inline)) void zscope_store_first16(zscope_float16 x, int count, float *to) {
#if defined(__AVX512F__)
  __builtin_ia32_storeups512_mask(to, x, (uint16_t)((1u << count) - 1));
#else
  float lanes[16];
  __builtin_memcpy(lanes, &x, sizeof lanes);
  for (int lane = 0; lane < count; lane++) to[lane] = lanes[lane];
#endif
}

// They are inlined everywhere, so no vector is ever handed over by a convention that depends on the instruction set.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

/// Which of sixteen rows are live: those whose position another one follows. Of `length` rows, 1 … 16, are there.
static inline __attribute__((always_inline)) uint16_t zscope_live_bits16(const int32_t *positions, long length) {
  zscope_int16 here, next;
  __builtin_memcpy(&here, positions, sizeof here);
  __builtin_memcpy(&next, positions + 1, sizeof next);
  uint16_t bits = zscope_different_bits16(next, here);
  return length < 16 ? bits & (uint16_t)((1u << length) - 1) : bits;
}

/// Writes the elements of `length` rows that are live one after the other, touches nothing behind them, and returns the
/// sums of each lane. Positions and elements are read in whole vectors.
static inline __attribute__((always_inline)) zscope_float16 zscope_pack_live(
    const float *from, long length, const int32_t *positions, float *to) {
  zscope_float16 sums = (zscope_float16)(0.0f);
  long count = positions[length] - positions[0];
  for (long start = 0; start < length; start += 16) {
    zscope_float16 values;
    __builtin_memcpy(&values, from + start, sizeof values);
    values = zscope_pack16(values, zscope_live_bits16(positions + start, length - start));
    sums += values;
    long place = positions[start] - positions[0];
    if (place + 16 <= count)
      __builtin_memcpy(to + place, &values, sizeof values);
    else if (place < count)
      zscope_store_first16(values, (int)(count - place), to + place);
  }
  return sums;
}

/// The reverse, with zeros in rows that are not live; writes whole vectors.
static inline __attribute__((always_inline)) void zscope_unpack_live(
    const float *from, long length, const int32_t *positions, float *to) {
  for (long start = 0; start < length; start += 16) {
    zscope_float16 values;
    __builtin_memcpy(&values, from + (positions[start] - positions[0]), sizeof values);
    values = zscope_unpack16(values, zscope_live_bits16(positions + start, length - start));
    __builtin_memcpy(to + start, &values, sizeof values);
  }
}
#pragma clang diagnostic pop

/// Asks for a cache line that will be written.
static inline __attribute__((always_inline)) void zscope_prefetch(const float *address) {
  __builtin_prefetch(address, 1);
}

/// Asks for a cache line that will be read.
static inline __attribute__((always_inline)) void zscope_prefetch_read(const float *address) {
  __builtin_prefetch(address, 0);
}

/// Sixteen bytes as whole numbers.
typedef uint8_t zscope_byte16 __attribute__((ext_vector_type(16)));
static inline __attribute__((always_inline)) zscope_int16 zscope_int_from_bytes16(zscope_byte16 x) {
  return __builtin_convertvector(x, zscope_int16);
}

/// Transposes a 16 × 16 block: `to[j·toStride + i] = from[i·fromStride + j]`.
static inline __attribute__((always_inline)) void zscope_transpose16(
    const float *from, long fromStride, float *to, long toStride) {
  zscope_float16 r[16], t[16];
  for (int i = 0; i < 16; i++) __builtin_memcpy(&r[i], from + i * fromStride, 64);
  // Four rounds of exchanging halves of ever smaller blocks: 8, 4, 2, 1.
#define ZSCOPE_ROUND(FROM, TO, HALF, ...)                                                         \
  for (int i = 0; i < 16; i++)                                                                    \
    if (!(i & HALF)) {                                                                            \
      TO[i] = ZSCOPE_LOW_##HALF(FROM[i], FROM[i + HALF]);                                         \
      TO[i + HALF] = ZSCOPE_HIGH_##HALF(FROM[i], FROM[i + HALF]);                                 \
    }
#define ZSCOPE_LOW_8(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#define ZSCOPE_HIGH_8(a, b) __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define ZSCOPE_LOW_4(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
#define ZSCOPE_HIGH_4(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define ZSCOPE_LOW_2(a, b) __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define ZSCOPE_HIGH_2(a, b) __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define ZSCOPE_LOW_1(a, b) __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#define ZSCOPE_HIGH_1(a, b) __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
  ZSCOPE_ROUND(r, t, 8)
  ZSCOPE_ROUND(t, r, 4)
  ZSCOPE_ROUND(r, t, 2)
  ZSCOPE_ROUND(t, r, 1)
  for (int i = 0; i < 16; i++) __builtin_memcpy(to + i * toStride, &r[i], 64);
}

/// Tells the processor that this is a waiting loop.
static inline void zscope_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Treats subnormal numbers as zero on this thread (they cost up to 3.7 times) and returns the former mode.
static inline uint64_t zscope_flush_subnormals(void) {
#if defined(__x86_64__)
  uint32_t mode = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(mode | 0x8040);
  return mode;
#elif defined(__aarch64__)
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" ::"r"(mode | (1ull << 24)));
  return mode;
#else
  return 0;
#endif
}

/// Restores the mode that `zscope_flush_subnormals` returned.
static inline void zscope_restore_float_mode(uint64_t mode) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr((uint32_t)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" ::"r"(mode));
#endif
}

/// The widest kernel build this processor runs: 4 or 3 for x86-64-v4 or -v3, otherwise 0.
static inline int zscope_instruction_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return 4;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("bmi") && __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("f16c"))
    return 3;
#endif
  return 0;
}

/// Words shared between threads, which futexes need at a fixed address.
static inline uint32_t zscope_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static inline void zscope_store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }
static inline uint32_t zscope_load_ordered(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }
static inline uint32_t zscope_add(uint32_t *word, uint32_t value) {
  return __atomic_add_fetch(word, value, __ATOMIC_SEQ_CST);
}

#if defined(__linux__)
/// Sleeps while `*word` is `expected`.
static inline void zscope_futex_wait(void *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, (void *)0, (void *)0, 0);
}

/// Wakes up to `count` sleepers on `word`.
static inline void zscope_futex_wake(void *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, (void *)0, (void *)0, 0);
}
#endif

#endif
