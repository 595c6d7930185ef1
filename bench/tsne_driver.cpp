// bench_tsne_driver IN.safetensors OUT.safetensors [option=value ...]: lays out the rows `x` of IN
// by t-SNE, over the neighbours `ids`, `distances` where IN has them, and writes `coords` to OUT.
// Options are those of t-SNE, and `seed`, `threads`. Prints what it took as one JSON line.
#include <fmt/format.h>

#include "driver.hpp"
#include "topograph/core/container.hpp"
#include "topograph/reduce/tsne.hpp"

namespace topograph {
namespace {

Result<void> drive(int argc, char** argv) {
  if (argc < 3) return option_error("usage", "expected IN.safetensors OUT.safetensors");
  TG_TRY(const auto file, ArrayFile::open(argv[1]));
  TG_TRY(const Matrix<float> x, file.matrix("x"));
  TsneOptions options;
  RunSettings settings;
  for (int i = 3; i < argc; ++i) {
    const auto [name, value] = bench::split_setting(argv[i]);
    TG_TRY(bench::apply(name, value, options, settings));
  }
  KnnGraph knn;
  if (file.contains("ids")) {
    TG_TRY(knn, bench::read_neighbors(file));
  }
  RunContext run(settings);
  const bench::Costs costs;
  auto result = knn.rows() > 0 ? tsne(knn, x.view(), options, run) : tsne(x.view(), options, run);
  TG_TRY(const auto layout, std::move(result));
  fmt::print("{{\"seconds\": {:.3f}, \"rows\": {}, \"kl_divergence\": {:.6f}}}\n", costs.seconds(),
             layout.coords.rows(), layout.kl_divergence);
  ArrayWriter writer;
  writer.add("coords", layout.coords.view());
  return writer.write(argv[2]);
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  return topograph::bench::run_driver(topograph::drive, argc, argv);
}
