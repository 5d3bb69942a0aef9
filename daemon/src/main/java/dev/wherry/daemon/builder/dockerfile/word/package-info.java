/** Words of an instruction before variable substitution, and the substitution itself. */
package dev.wherry.daemon.builder.dockerfile.word;
