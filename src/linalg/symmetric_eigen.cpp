#include "topograph/linalg/symmetric_eigen.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/linalg/blas.hpp"

// OpenBLAS has LAPACK in it, and no C header for it.
extern "C" void dsyevd_(const char* job, const char* triangle, const int* n, double* a,
                        const int* lda, double* values, double* work, const int* n_work,
                        int* int_work, const int* n_int_work, int* info);

namespace topograph {

Result<SymmetricEigen> symmetric_eigen(Matrix<double> a) {
  TG_EXPECTS(a.rows() == a.cols());
  SymmetricEigen found{.values = std::vector<double>(a.rows()), .vectors = std::move(a)};
  if (found.values.empty()) return found;
  hold_blas_to_one_thread();
  const int n = narrow<int>(found.values.size());
  // Our rows are its columns: what is above the diagonal here is below it there.
  double wanted_work = 0;
  int wanted_int_work = 0;
  const int ask = -1;
  int info = 0;
  dsyevd_("V", "L", &n, found.vectors.data(), &n, found.values.data(), &wanted_work, &ask,
          &wanted_int_work, &ask, &info);
  std::vector<double> work(static_cast<std::size_t>(wanted_work));
  std::vector<int> int_work(idx(wanted_int_work));
  const int n_work = narrow<int>(work.size());
  const int n_int_work = narrow<int>(int_work.size());
  dsyevd_("V", "L", &n, found.vectors.data(), &n, found.values.data(), work.data(), &n_work,
          int_work.data(), &n_int_work, &info);
  if (info == 0) return found;
  return std::unexpected(
      Error{.code = ErrorCode::internal,
            .message = "the eigenvectors of a symmetric matrix did not converge"});
}

}  // namespace topograph
