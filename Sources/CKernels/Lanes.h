// Solving with a triangular matrix for lanes, in the sizes that there are.
//
// Vectors of eight doubles become one register, two or four; they are never passed by value, because how that is done
// depends on the processor compiled for.
#ifndef LANES_H
#define LANES_H

#include <stddef.h>

#include "Cloned.h"

typedef double Eight __attribute__((vector_size(64), aligned(8)));

// x ← L⁻¹x for V·8 lanes, L of leading dimension `ld`. Eight columns at a time are solved for and then taken off all rows
// below, so that L is read once and in the order of memory.
#define LANES_SOLVE(NAME, V)                                                                                          \
  TEMPLATE void NAME(size_t n, size_t ld, const double *l, double *x) {                                               \
    enum { GROUP = 8 };                                                                                               \
    Eight *rows = (Eight *)x;                                                                                         \
    for (size_t first = 0; first < n; first += GROUP) {                                                               \
      size_t end = first + GROUP < n ? first + GROUP : n;                                                             \
      for (size_t j = first; j < end; j++) {                                                                          \
        const double *column = l + j * ld;                                                                            \
        for (size_t v = 0; v < V; v++) rows[j * V + v] /= column[j];                                                  \
        for (size_t i = j + 1; i < end; i++) {                                                                        \
          for (size_t v = 0; v < V; v++) rows[i * V + v] -= rows[j * V + v] * column[i];                              \
        }                                                                                                             \
      }                                                                                                               \
      if (end == n) return;                                                                                           \
      const double *column = l + first * ld;                                                                          \
      Eight solved[GROUP][V];                                                                                         \
      for (size_t k = 0; k < GROUP; k++) {                                                                            \
        for (size_t v = 0; v < V; v++) solved[k][v] = rows[(first + k) * V + v];                                      \
      }                                                                                                               \
      for (size_t i = end; i < n; i++) {                                                                              \
        Eight rest[V];                                                                                                \
        for (size_t v = 0; v < V; v++) rest[v] = rows[i * V + v];                                                     \
        for (size_t k = 0; k < GROUP; k++) {                                                                          \
          for (size_t v = 0; v < V; v++) rest[v] -= solved[k][v] * column[i + k * ld];                                \
        }                                                                                                             \
        for (size_t v = 0; v < V; v++) rows[i * V + v] = rest[v];                                                     \
      }                                                                                                               \
    }                                                                                                                 \
  }

// x ← L⁻ᵀx likewise, from the last row up; four rows at a time, whose sums fit into sixteen registers of AVX2.
#define LANES_SOLVE_TRANSPOSED(NAME, V)                                                                               \
  TEMPLATE void NAME(size_t n, size_t ld, const double *l, double *x) {                                               \
    enum { GROUP = 4 };                                                                                               \
    Eight *rows = (Eight *)x;                                                                                         \
    for (size_t end = n; end > 0;) {                                                                                  \
      size_t first = (end - 1) / GROUP * GROUP;                                                                       \
      if (end < n) {                                                                                                  \
        const double *column = l + first * ld;                                                                        \
        Eight rest[GROUP][V];                                                                                         \
        for (size_t k = 0; k < GROUP; k++) {                                                                          \
          for (size_t v = 0; v < V; v++) rest[k][v] = rows[(first + k) * V + v];                                      \
        }                                                                                                             \
        for (size_t i = end; i < n; i++) {                                                                            \
          for (size_t k = 0; k < GROUP; k++) {                                                                        \
            for (size_t v = 0; v < V; v++) rest[k][v] -= rows[i * V + v] * column[i + k * ld];                        \
          }                                                                                                           \
        }                                                                                                             \
        for (size_t k = 0; k < GROUP; k++) {                                                                          \
          for (size_t v = 0; v < V; v++) rows[(first + k) * V + v] = rest[k][v];                                      \
        }                                                                                                             \
      }                                                                                                               \
      for (size_t j = end; j-- > first;) {                                                                            \
        const double *column = l + j * ld;                                                                            \
        for (size_t i = j + 1; i < end; i++) {                                                                        \
          for (size_t v = 0; v < V; v++) rows[j * V + v] -= rows[i * V + v] * column[i];                              \
        }                                                                                                             \
        for (size_t v = 0; v < V; v++) rows[j * V + v] /= column[j];                                                  \
      }                                                                                                               \
      end = first;                                                                                                    \
    }                                                                                                                 \
  }

LANES_SOLVE(lanes8_solve, 1)
LANES_SOLVE(lanes16_solve, 2)
LANES_SOLVE_TRANSPOSED(lanes8_solve_transposed, 1)
LANES_SOLVE_TRANSPOSED(lanes16_solve_transposed, 2)

#endif
