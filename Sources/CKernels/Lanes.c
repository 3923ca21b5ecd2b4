#include "Lanes.h"

#include <string.h>

#include "CKernels.h"

CLONED void ckernels_lanes_solve(size_t width, size_t n, const double *l, double *x) {
  if (width == 8) lanes8_solve(n, n, l, x);
  else lanes16_solve(n, n, l, x);
}

CLONED void ckernels_lanes_solve_transposed(size_t width, size_t n, const double *l, double *x) {
  if (width == 8) lanes8_solve_transposed(n, n, l, x);
  else lanes16_solve_transposed(n, n, l, x);
}

// The loops below take `V` vectors of eight lanes; `V` is a constant in each of their two uses.

TEMPLATE void squared_distances(size_t V, size_t n, size_t p, const double *x, const double *z, double *values) {
  const Eight *centre = (const Eight *)z;
  Eight *rows = (Eight *)values;
  memset(values, 0, n * V * sizeof(Eight));
  size_t f = 0;
  for (; f + 4 <= p; f += 4) {
    const double *column = x + f * n;
    for (size_t i = 0; i < n; i++) {
      for (size_t v = 0; v < V; v++) {
        Eight sum = rows[i * V + v];
        for (size_t k = 0; k < 4; k++) {
          Eight difference = column[i + k * n] - centre[(f + k) * V + v];
          sum += difference * difference;
        }
        rows[i * V + v] = sum;
      }
    }
  }
  for (; f < p; f++) {
    for (size_t i = 0; i < n; i++) {
      for (size_t v = 0; v < V; v++) {
        Eight difference = x[i + f * n] - centre[f * V + v];
        rows[i * V + v] += difference * difference;
      }
    }
  }
}

CLONED void ckernels_lanes_squared_distances(size_t width, size_t n, size_t p, const double *x, const double *z,
                                             double *values) {
  if (width == 8) squared_distances(1, n, p, x, z, values);
  else squared_distances(2, n, p, x, z, values);
}

CLONED void ckernels_lanes_add_where_different(size_t width, size_t n, const int32_t *levels, const int32_t *lanes,
                                               double weight, double *values) {
  for (size_t i = 0; i < n; i++) {
    int32_t level = levels[i];
    double *restrict row = values + i * width;
    EIGHT_AT_A_TIME for (size_t k = 0; k < width; k++) row[k] += lanes[k] == level ? 0 : weight;
  }
}

TEMPLATE void sums_of(size_t V, size_t n, const double *weights, const double *values, double *sums) {
  const Eight *rows = (const Eight *)values;
  Eight total[2];
  memset(total, 0, sizeof total);
  for (size_t i = 0; i < n; i++) {
    for (size_t v = 0; v < V; v++) total[v] += rows[i * V + v] * (weights ? weights[i] + (Eight){0} : rows[i * V + v]);
  }
  memcpy(sums, total, V * sizeof(Eight));
}

CLONED void ckernels_lanes_sums(size_t width, size_t n, const double *weights, const double *values, double *sums) {
  if (width == 8) sums_of(1, n, weights, values, sums);
  else sums_of(2, n, weights, values, sums);
}

CLONED void ckernels_lanes_squares(size_t width, size_t n, const double *values, double *sums) {
  if (width == 8) sums_of(1, n, NULL, values, sums);
  else sums_of(2, n, NULL, values, sums);
}

TEMPLATE void pull(size_t V, size_t n, size_t p, const double *h, const double *x, const double *z, double *pulls) {
  const Eight *weights = (const Eight *)h, *centre = (const Eight *)z;
  Eight *results = (Eight *)pulls;
  size_t f = 0;
  for (; f + 2 <= p; f += 2) {
    const double *column = x + f * n;
    Eight sums[2][2];
    memset(sums, 0, sizeof sums);
    for (size_t i = 0; i < n; i++) {
      for (size_t k = 0; k < 2; k++) {
        for (size_t v = 0; v < V; v++) sums[k][v] += weights[i * V + v] * (column[i + k * n] - centre[(f + k) * V + v]);
      }
    }
    for (size_t k = 0; k < 2; k++) {
      for (size_t v = 0; v < V; v++) results[(f + k) * V + v] = sums[k][v];
    }
  }
  for (; f < p; f++) {
    for (size_t v = 0; v < V; v++) {
      Eight sum = {0};
      for (size_t i = 0; i < n; i++) sum += weights[i * V + v] * (x[i + f * n] - centre[f * V + v]);
      results[f * V + v] = sum;
    }
  }
}

CLONED void ckernels_lanes_pull(size_t width, size_t n, size_t p, const double *h, const double *x, const double *z,
                                double *pulls) {
  if (width == 8) pull(1, n, p, h, x, z, pulls);
  else pull(2, n, p, h, x, z, pulls);
}
