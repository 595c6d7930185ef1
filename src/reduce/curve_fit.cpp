// Least squares of f(d) = 1 / (1 + a d^(2b)) by Levenberg-Marquardt. Two parameters and a smooth
// target: the normal equations are 2 x 2 and well scaled, so the plain form of the method is
// enough.
#include "reduce/curve_fit.hpp"

#include <array>
#include <cmath>

#include "topograph/core/expects.hpp"

namespace topograph {
namespace {

constexpr std::size_t n_points = 300;  // umap-learn's grid: 300 points over [0, 3 spread]

struct Target {
  std::array<double, n_points> distance = {};
  std::array<double, n_points> value = {};
};

Target make_target(double spread, double min_dist) {
  Target target;
  for (std::size_t i = 0; i < n_points; ++i) {
    const double d = 3.0 * spread * static_cast<double>(i) / static_cast<double>(n_points - 1);
    target.distance[i] = d;
    target.value[i] = d < min_dist ? 1.0 : std::exp(-(d - min_dist) / spread);
  }
  return target;
}

/// J'J, J'r and r'r at one pair of parameters.
struct NormalEquations {
  double aa = 0, ab = 0, bb = 0;
  double ga = 0, gb = 0;
  double cost = 0;
};

NormalEquations linearize(const Target& target, CurveAb p, const detail::FixedAb& fixed) {
  NormalEquations eq;
  for (std::size_t i = 0; i < n_points; ++i) {
    const double d = target.distance[i];
    const double power = d > 0 ? std::pow(d, 2.0 * p.b) : 0.0;
    const double f = 1.0 / (1.0 + p.a * power);
    const double residual = f - target.value[i];
    const double df_da = fixed.a ? 0.0 : -f * f * power;
    const double df_db = fixed.b || d <= 0 ? 0.0 : -f * f * p.a * power * 2.0 * std::log(d);
    eq.aa += df_da * df_da;
    eq.ab += df_da * df_db;
    eq.bb += df_db * df_db;
    eq.ga += df_da * residual;
    eq.gb += df_db * residual;
    eq.cost += residual * residual;
  }
  return eq;
}

CurveAb damped_step(const NormalEquations& eq, CurveAb p, double damping) {
  // A held parameter has zero rows; the small constant keeps the system solvable and its step 0.
  const double aa = eq.aa * (1.0 + damping) + 1e-300;
  const double bb = eq.bb * (1.0 + damping) + 1e-300;
  const double determinant = aa * bb - eq.ab * eq.ab;
  if (!(std::abs(determinant) > 0)) return {p.a - eq.ga / aa, p.b - eq.gb / bb};
  return {p.a - (eq.ga * bb - eq.gb * eq.ab) / determinant,
          p.b - (eq.gb * aa - eq.ga * eq.ab) / determinant};
}

}  // namespace

CurveAb detail::fit_free_ab(double spread, double min_dist, const FixedAb& fixed) {
  TG_EXPECTS(spread > 0 && min_dist >= 0);
  const Target target = make_target(spread, min_dist);
  CurveAb best{fixed.a.value_or(1.0), fixed.b.value_or(1.0)};
  NormalEquations eq = linearize(target, best, fixed);
  double damping = 1e-3;
  for (int step = 0; step < 500 && damping < 1e12; ++step) {
    const CurveAb trial = damped_step(eq, best, damping);
    const bool is_inside = trial.a > 0 && trial.b > 0;
    const NormalEquations next = is_inside ? linearize(target, trial, fixed) : eq;
    if (!is_inside || !(next.cost <= eq.cost)) {
      damping *= 4.0;
      continue;
    }
    const double change = std::abs(trial.a - best.a) / best.a + std::abs(trial.b - best.b) / best.b;
    best = trial;
    eq = next;
    damping = damping > 1e-12 ? damping / 8.0 : damping;
    if (change < 1e-13) break;
  }
  return best;
}

CurveAb fit_ab(double spread, double min_dist) { return detail::fit_free_ab(spread, min_dist, {}); }

}  // namespace topograph
