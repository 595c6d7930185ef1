#include "embed/encoder/architectures.hpp"

#include <algorithm>
#include <array>

#include "embed/encoder/encoder_graph.hpp"

namespace topograph::detail {
namespace {

// RoBERTa's arrays are BERT's; only its positions are counted otherwise.
constexpr std::array<Architecture, 9> kArchitectures{{
    {"bert", "BertModel", read_bert, build_bert},
    {"distilbert", "DistilBertModel", read_distilbert, build_distilbert},
    {"roberta", "RobertaModel", read_roberta, build_bert},
    {"xlm-roberta", "XLMRobertaModel", read_roberta, build_bert},
    {"camembert", "CamembertModel", read_roberta, build_bert},
    {"mpnet", "MPNetModel", read_mpnet, build_mpnet},
    {"modernbert", "ModernBertModel", read_modernbert, build_modernbert},
    {"gemma3_text", "Gemma3TextModel", read_gemma3, build_gemma3},
    {"qwen3", "Qwen3Model", read_qwen3, build_qwen3},
}};

}  // namespace

std::span<const Architecture> architectures() { return kArchitectures; }

const Architecture* find_architecture(std::string_view model_type) {
  const auto* found = std::ranges::find(kArchitectures, model_type, &Architecture::model_type);
  return found == kArchitectures.end() ? nullptr : found;
}

std::string known_architectures() {
  std::string names;
  for (const Architecture& architecture : kArchitectures) {
    if (!names.empty()) names += ", ";
    names += architecture.model_type;
  }
  return names;
}

}  // namespace topograph::detail
