#include <string.h>

#include "CKernels.h"
#include "Cloned.h"
#include "Lanes.h"

CLONED void ckernels_squared_distances(double *values, const double *restrict norms, double norm, size_t count) {
  EIGHT_AT_A_TIME for (size_t i = 0; i < count; i++) {
    double squared = norms[i] + norm - 2 * values[i];
    values[i] = squared < 0 ? 0 : squared;  // a NaN stays
  }
}

CLONED void ckernels_add_where_different(double *values, const int32_t *restrict levels, int32_t level, double weight,
                                         size_t count) {
  EIGHT_AT_A_TIME for (size_t i = 0; i < count; i++) values[i] += levels[i] == level ? 0 : weight;
}

double ckernels_sum_where_different(const double *values, const int32_t *levels, int32_t level, size_t count) {
  double sums[4] = {0};
  for (size_t i = 0; i < count; i++) sums[i % 4] += levels[i] == level ? 0 : values[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

CLONED void ckernels_weigh(size_t n, const double *l, const double *restrict alpha, double *restrict b,
                           double *restrict sums, double *restrict diagonal, double *restrict scratch) {
  enum { WIDTH = CKERNELS_LANES };
  double *restrict lanes = scratch, *restrict columns = scratch + WIDTH * n;
  memset(sums, 0, n * sizeof(double));
  for (size_t first = 0; first < n; first += WIDTH) {
    // Columns of the inverse are wanted from the diagonal down, and those rows depend on the trailing block alone.
    size_t order = n - first, count = order < WIDTH ? order : WIDTH;
    memset(lanes, 0, order * WIDTH * sizeof(double));
    for (size_t k = 0; k < count; k++) lanes[k * WIDTH + k] = 1;
    lanes16_solve(order, n, l + first * n + first, lanes);
    lanes16_solve_transposed(order, n, l + first * n + first, lanes);
    for (size_t i = 0; i < order; i++) {
      for (size_t k = 0; k < WIDTH; k++) columns[k * n + first + i] = lanes[i * WIDTH + k];
    }
    for (size_t k = 0; k < count; k++) {
      size_t j = first + k;
      const double *restrict inverse = columns + k * n;
      double *restrict h = b + j * n;
      double half = 0.5 * alpha[j];
      double own = half * alpha[j] - 0.5 * inverse[j];
      diagonal[j] = own;
      h[j] *= own;
      double sum = h[j];
      {
#if defined(__clang__)
#pragma clang fp reassociate(on)
#endif
        EIGHT_AT_A_TIME for (size_t i = j + 1; i < n; i++) {
          double value = h[i] * (half * alpha[i] - 0.5 * inverse[i]);
          h[i] = value;
          sums[i] += value;
          sum += value;
        }
      }
      sums[j] += sum;
    }
  }
}
