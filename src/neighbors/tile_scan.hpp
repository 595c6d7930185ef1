#pragma once

#include <cstddef>

#include "neighbors/candidates.hpp"
#include "neighbors/packed_rows.hpp"

namespace topograph {

/// Offers every reference of one block to every query of another; the first row of `references`
/// has the id `first_reference`.
void scan_one_way(const PackedRows& queries, std::size_t query_block, const PackedRows& references,
                  std::size_t reference_block, CandidateLists& lists,
                  std::size_t first_reference = 0);

/// Offers the rows of two blocks of one set to each other, each product computed once. A block
/// against itself offers every pair of different rows both ways.
void scan_both_ways(const PackedRows& rows, std::size_t block_a, std::size_t block_b,
                    CandidateLists& lists);

}  // namespace topograph
