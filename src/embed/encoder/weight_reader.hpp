#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// One float32 array of a network, either borrowed from the mapped file or converted.
struct Weight {
  std::vector<std::size_t> shape = {};
  const float* data = nullptr;       ///< Null: the network has no such array.
  std::shared_ptr<void> owner = {};  ///< Keeps `data` alive.

  [[nodiscard]] std::size_t size() const;
  /// Rows [begin, end) of the first axis; shares the memory.
  [[nodiscard]] Weight rows(std::size_t begin, std::size_t end) const;
};

/// A Weight that owns `values`.
[[nodiscard]] Weight own_weight(std::vector<std::size_t> shape, std::vector<float> values);

/// `y = x W^T + b`; without a bias `bias.data` is null.
struct LinearWeights {
  Weight weight = {};
  Weight bias = {};

  /// The part that computes the outputs [begin, end).
  [[nodiscard]] LinearWeights rows(std::size_t begin, std::size_t end) const;
};

/// Scale and shift after centring and scaling a row; without a shift `beta.data` is null.
struct NormWeights {
  Weight gamma = {};
  Weight beta = {};
};

/// The weights of a folder: `model.safetensors`, or the files that `model.safetensors.index.json`
/// names. Every array is checked for its shape and for numbers that are not finite; half precision
/// becomes float32.
class WeightReader {
 public:
  /// @error model subject: not_found, parse, or schema.
  [[nodiscard]] static Result<WeightReader> open(const std::filesystem::path& folder);
  /// The files that `open` reads, without reading them.
  [[nodiscard]] static Result<std::vector<std::filesystem::path>> files(
      const std::filesystem::path& folder);

  /// Names are looked up behind what stands before `name` in the files: "bert.", "model." …
  void find_prefix(std::string_view name);
  [[nodiscard]] bool contains(const std::string& name) const;

  /// @error model subject, schema naming the array, what shape was expected and what was found.
  [[nodiscard]] Result<Weight> read(const std::string& name,
                                    const std::vector<std::size_t>& expected) const;
  [[nodiscard]] Result<LinearWeights> linear(const std::string& name, std::size_t n_out,
                                             std::size_t n_in, bool has_bias = true) const;
  [[nodiscard]] Result<NormWeights> norm(const std::string& name, std::size_t n,
                                         bool has_bias = true) const;

 private:
  struct Shard {
    std::shared_ptr<ArrayFile> file = {};
    std::string where = {};
  };
  WeightReader() = default;
  [[nodiscard]] Result<void> add_shard(const std::filesystem::path& path);

  std::string where_ = {};  ///< Of messages about arrays that are nowhere.
  std::vector<Shard> shards_ = {};
  std::map<std::string, std::size_t, std::less<>> shard_of_ = {};
  std::string prefix_ = {};
};

}  // namespace topograph::detail
