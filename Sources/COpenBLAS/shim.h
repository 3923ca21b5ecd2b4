// OpenBLAS is linked first, so that the LAPACK routines LAPACKE calls are OpenBLAS's own.
#include <cblas.h>
#include <lapacke.h>
