#pragma once

#include <string>
#include <vector>

namespace topograph::detail {

/// The files of a model's repository that topograph reads, in the order of their names: the
/// configuration and the tokenizer, and the weights of the model and of every N_Module folder as
/// safetensors (one file, else the index with its shards). Vocabulary files come along only where
/// there is no tokenizer.json; other weight formats only where there is no safetensors: ONNX, then
/// OpenVINO, then PyTorch's.
[[nodiscard]] std::vector<std::string> wanted_files(const std::vector<std::string>& all);

}  // namespace topograph::detail
