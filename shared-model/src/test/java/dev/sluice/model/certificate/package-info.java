@NullMarked
package dev.sluice.model.certificate;

import org.jspecify.annotations.NullMarked;
