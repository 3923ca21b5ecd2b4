// How functions are compiled for several kinds of processor.
#ifndef CLONED_H
#define CLONED_H

#include <math.h>

#pragma STDC FP_CONTRACT ON

// Clones are chosen by an indirect function, which glibc has and other C libraries may not. It runs while the program is
// being loaded, before the thread sanitizer that would look at it is ready.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CLONED
#endif
#endif
#if !defined(CLONED) && defined(__x86_64__) && defined(__GLIBC__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define CLONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
#endif
#ifndef CLONED
#define CLONED
#endif

// What is written once for several widths, and has to become part of each clone.
#if defined(__GNUC__)
#define TEMPLATE static inline __attribute__((always_inline))
#else
#define TEMPLATE static inline
#endif

// A loop over doubles whose iterations are independent, eight at a time.
#if defined(__clang__)
#define EIGHT_AT_A_TIME _Pragma("clang loop vectorize(assume_safety) vectorize_width(8) interleave_count(1)")
#else
#define EIGHT_AT_A_TIME
#endif

#endif
