#include "topograph/embed/embed_blocks.hpp"

namespace topograph {

Result<EmbedReport> embed_blocks(const Embedder& embedder, const TextColumn& texts,
                                 const TextBlockLimits& limits, MatrixView<float> out,
                                 RunContext& run) {
  TG_EXPECTS(out.rows() == texts.size() && out.cols() == embedder.dimension());
  Stage stage(run, "embed", texts.size());
  stage.count_inner_stages();
  EmbedReport report;
  for (std::size_t begin = 0; begin < texts.size();) {
    TextColumn block;
    while (begin + block.size() < texts.size() && !limits.is_full(block)) {
      block.push_back(texts[begin + block.size()]);
    }
    const std::size_t end = begin + block.size();
    TG_TRY(const EmbedReport part, embedder.embed(block, out.rows(begin, end), run));
    report += part;
    begin = end;
  }
  return report;
}

}  // namespace topograph
