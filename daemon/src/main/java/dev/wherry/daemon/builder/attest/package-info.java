/**
 * What a build says of the image it made: provenance, as SLSA defines it, and bills of materials. The form is BuildKit's, so
 * that the same tools read both.
 */
package dev.wherry.daemon.builder.attest;
