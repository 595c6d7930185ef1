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
extern "C" void dsyevr_(const char* job, const char* range, const char* triangle, const int* n,
                        double* a, const int* lda, const double* low, const double* high,
                        const int* first, const int* last, const double* tolerance, int* n_found,
                        double* values, double* vectors, const int* ldz, int* support, double* work,
                        const int* n_work, int* int_work, const int* n_int_work, int* info);

namespace topograph {
namespace {

/// Calls `solve(work, n_work, int_work, n_int_work)`, first to ask how much room it wants.
template <class Solve>
void with_room(Solve&& solve) {
  const int ask = -1;
  double wanted = 0;
  int wanted_int = 0;
  solve(&wanted, &ask, &wanted_int, &ask);
  std::vector<double> work(static_cast<std::size_t>(wanted));
  std::vector<int> int_work(idx(wanted_int));
  const int n_work = narrow<int>(work.size());
  const int n_int_work = narrow<int>(int_work.size());
  solve(work.data(), &n_work, int_work.data(), &n_int_work);
}

std::unexpected<Error> no_convergence() {
  return std::unexpected(
      Error{.code = ErrorCode::internal,
            .message = "the eigenvectors of a symmetric matrix did not converge"});
}

}  // namespace

Result<SymmetricEigen> symmetric_eigen(Matrix<double> a) {
  TG_EXPECTS(a.rows() == a.cols());
  SymmetricEigen found{.values = std::vector<double>(a.rows()), .vectors = std::move(a)};
  if (found.values.empty()) return found;
  hold_blas_to_one_thread();
  const int n = narrow<int>(found.values.size());
  int info = 0;
  // Our rows are its columns: what is above the diagonal here is below it there.
  with_room([&](double* work, const int* n_work, int* int_work, const int* n_int_work) {
    dsyevd_("V", "L", &n, found.vectors.data(), &n, found.values.data(), work, n_work, int_work,
            n_int_work, &info);
  });
  if (info != 0) return no_convergence();
  return found;
}

Result<SymmetricEigen> largest_eigen(Matrix<double> a, std::size_t k) {
  TG_EXPECTS(a.rows() == a.cols() && k <= a.rows());
  SymmetricEigen found{.values = std::vector<double>(a.rows()),
                       .vectors = Matrix<double>(k, a.rows())};
  if (k == 0) {
    found.values.clear();
    return found;
  }
  hold_blas_to_one_thread();
  const int n = narrow<int>(a.rows());
  const int first = narrow<int>(a.rows() - k + 1);
  const double unused = 0;
  std::vector<int> support(2 * k);
  int n_found = 0;
  int info = 0;
  with_room([&](double* work, const int* n_work, int* int_work, const int* n_int_work) {
    dsyevr_("V", "I", "L", &n, a.data(), &n, &unused, &unused, &first, &n, &unused, &n_found,
            found.values.data(), found.vectors.data(), &n, support.data(), work, n_work, int_work,
            n_int_work, &info);
  });
  if (info != 0 || std::cmp_not_equal(n_found, k)) return no_convergence();
  found.values.resize(k);
  return found;
}

}  // namespace topograph
