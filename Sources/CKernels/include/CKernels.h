// Loops over doubles that Swift does not vectorise: radial covariances and the passes over triangles around them.
//
// On x86-64 each function exists for AVX-512, for AVX2 and for every other processor; the first call chooses. Results on
// one kind of processor are the same bit for bit; between kinds they differ by rounding.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Radial covariances. Each replaces `count` squared distances s² ≥ 0 by k = scale · c(s²); those with slopes also write
// B = −2·∂k/∂(s²). Where e^−a would fall below the smallest normal number (a > 708) both are 0; a NaN stays one.

// Matérn 5/2, a = √(5s²): k = scale · (1 + a + a²/3)·e^−a, B = scale · 5/3·(1 + a)·e^−a.
void ckernels_matern52(double scale, double *values, size_t count);
void ckernels_matern52_slopes(double scale, double *values, double *slopes, size_t count);

// Matérn 3/2, a = √(3s²): k = scale · (1 + a)·e^−a, B = scale · 3·e^−a.
void ckernels_matern32(double scale, double *values, size_t count);
void ckernels_matern32_slopes(double scale, double *values, double *slopes, size_t count);

// Squared exponential: k = B = scale · e^(−s²/2).
void ckernels_squared_exponential(double scale, double *values, size_t count);
void ckernels_squared_exponential_slopes(double scale, double *values, double *slopes, size_t count);

// Columns of a matrix of squared distances.

// Replaces inner products xᵢ·y by squared distances |xᵢ − y|², from the squared norms of all; rounding never makes one
// negative.
void ckernels_squared_distances(double *values, const double *norms, double norm, size_t count);

// Adds a weight to the values whose level is another one.
void ckernels_add_where_different(double *values, const int32_t *levels, int32_t level, double weight, size_t count);

// The sum of the values whose level is another one.
double ckernels_sum_where_different(const double *values, const int32_t *levels, int32_t level, size_t count);

// Replaces the lower triangle of a symmetric matrix B, n × n, column by column, by that of H = W∘B with
// W = ½(ααᵀ − (L·Lᵀ)⁻¹); L is lower triangular, n × n. Columns of the inverse are made, used and forgotten sixteen at a
// time: 2n³/3 flops. `sums` receives H·1 and `diagonal` that of W, n numbers each; `scratch` holds 32n.
void ckernels_weigh(size_t n, const double *l, const double *alpha, double *b, double *sums, double *diagonal,
                    double *scratch);

// Lanes: `width` points side by side, 8 or 16. Element i of all lanes stands together, so that one instruction serves
// them all and each lane's result depends on that lane alone, to the last bit.

// The widest group of lanes.
#define CKERNELS_LANES 16

// |xᵢ − z|² for n points x, [n, p] column by column, and the lanes' points z, [p] of lanes; writes [n] of lanes.
void ckernels_lanes_squared_distances(size_t width, size_t n, size_t p, const double *x, const double *z,
                                      double *values);

// Adds a weight where a point's level, [n], is not the lane's.
void ckernels_lanes_add_where_different(size_t width, size_t n, const int32_t *levels, const int32_t *lanes,
                                        double weight, double *values);

// Replaces x, [n] of lanes, by L⁻¹x or L⁻ᵀx; L is lower triangular, n × n, column by column.
void ckernels_lanes_solve(size_t width, size_t n, const double *l, double *x);
void ckernels_lanes_solve_transposed(size_t width, size_t n, const double *l, double *x);

// Σᵢ wᵢ·vᵢ and Σᵢ vᵢ² for each lane.
void ckernels_lanes_sums(size_t width, size_t n, const double *weights, const double *values, double *sums);
void ckernels_lanes_squares(size_t width, size_t n, const double *values, double *sums);

// Σᵢ hᵢ·(xᵢ − z) for each lane: h [n] of lanes, x [n, p] column by column, z [p] of lanes; writes [p] of lanes.
void ckernels_lanes_pull(size_t width, size_t n, size_t p, const double *h, const double *x, const double *z,
                         double *pulls);

// Replaces each value by its cosine, within 2e-16 of it for |x| < 3e6.
void ckernels_cosines(double *values, size_t count);

#endif
