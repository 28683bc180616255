// The arithmetic of this room is compiled once for each instruction tier and chosen at run time (compute.hpp).
// Every tier's copy lives in a namespace of its own, and the faster tiers' copy of Eigen too (they are
// compiled with -DEigen=Eigen_TIER), so that the linker can never mix functions of two tiers.
#pragma once

#ifndef SOTTO_TRAIN_TIER
#define SOTTO_TRAIN_TIER baseline
#endif
