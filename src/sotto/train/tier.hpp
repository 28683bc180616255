// The arithmetic of this room is compiled once for each instruction tier and selected at run time (compute.hpp). Every
// tier's copy has a namespace of its own. The faster tiers' copies of Eigen have one, too (they are compiled with
// -DEigen=Eigen_TIER). The linker can therefore never mix functions of two tiers.
#pragma once

#ifndef SOTTO_TRAIN_TIER
#define SOTTO_TRAIN_TIER baseline
#endif
