/** A container as the JSON object that docker's {@code inspect} prints. */
package dev.wherry.daemon.container.inspect;
