#include "embed/hub/wanted_files.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string_view>

namespace topograph::detail {
namespace {

using Names = std::set<std::string>;

constexpr std::array<std::string_view, 7> kVocabularies = {
    "vocab.txt",    "vocab.json",      "merges.txt",  "sentencepiece.bpe.model",
    "spiece.model", "tokenizer.model", "unigram.json"};

/// "2_Dense": a step of the pipeline that modules.json lists.
bool is_module_folder(std::string_view folder) {
  const auto underscore = folder.find('_');
  return underscore != 0 && underscore != std::string_view::npos &&
         std::ranges::all_of(folder.substr(0, underscore),
                             [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_configuration(std::string_view name) {
  if (!name.ends_with(".json")) return false;
  return name.starts_with("config") || name.starts_with("sentence_") ||
         name.starts_with("tokenizer") || name == "modules.json" ||
         name == "special_tokens_map.json" || name == "added_tokens.json";
}

bool is_shard(std::string_view name, std::string_view stem, std::string_view extension) {
  return name.starts_with(stem) && name.substr(stem.size()).starts_with("-") &&
         name.ends_with(extension) && name.find("-of-") != std::string_view::npos;
}

/// One file, else an index and its shards; false when there are no weights of this kind.
bool take_weights(const Names& names, const std::string& stem, const std::string& extension,
                  Names& wanted) {
  if (names.contains(stem + extension)) {
    wanted.insert(stem + extension);
    return true;
  }
  const std::string index = stem + extension + ".index.json";
  if (!names.contains(index)) return false;
  wanted.insert(index);
  for (const std::string& name : names) {
    if (is_shard(name, stem, extension)) wanted.insert(name);
  }
  return true;
}

/// Names inside one folder of the pipeline.
Names wanted_in_folder(const Names& names, const std::map<std::string, Names>& folders,
                       bool is_root) {
  Names wanted;
  for (const std::string& name : names) {
    if (is_configuration(name)) wanted.insert(name);
  }
  if (!names.contains("tokenizer.json")) {
    for (const std::string_view name : kVocabularies) {
      if (names.contains(std::string(name))) wanted.emplace(name);
    }
  }
  if (take_weights(names, "model", ".safetensors", wanted)) return wanted;
  if (is_root) {
    for (const auto& [folder, stem] : {std::pair<std::string, std::string>{"", "model.onnx"},
                                       {"onnx", "model.onnx"},
                                       {"", "openvino_model.xml"},
                                       {"openvino", "openvino_model.xml"}}) {
      const auto files = folders.find(folder);
      if (files == folders.end() || !files->second.contains(stem)) continue;
      const std::string prefix = folder.empty() ? "" : folder + "/";
      wanted.insert(prefix + stem);
      for (const char* data : {"model.onnx_data", "openvino_model.bin"}) {
        if (files->second.contains(data)) wanted.insert(prefix + data);
      }
      return wanted;
    }
  }
  take_weights(names, "pytorch_model", ".bin", wanted);
  return wanted;
}

}  // namespace

std::vector<std::string> wanted_files(const std::vector<std::string>& all) {
  std::map<std::string, Names> folders;
  for (const std::string& path : all) {
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash);
    folders[folder].insert(slash == std::string::npos ? path : path.substr(slash + 1));
  }
  Names wanted;
  for (const auto& [folder, names] : folders) {
    if (!folder.empty() && !is_module_folder(folder)) continue;
    if (folder.find('/') != std::string::npos) continue;
    for (const std::string& name : wanted_in_folder(names, folders, folder.empty())) {
      wanted.insert(folder.empty() ? name : folder + "/" + name);
    }
  }
  return {wanted.begin(), wanted.end()};
}

}  // namespace topograph::detail
