// SPDX-License-Identifier: Apache-2.0
/** The journal: persistent actors of any kind, its protocol, its rows and its settings. */
@NullMarked
package io.holdfast.it.journal;

import org.jspecify.annotations.NullMarked;
