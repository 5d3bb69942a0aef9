/**
 * The types of an OCI runtime-spec {@code config.json}, Docker's defaults for them, and the values that
 * containers and build steps set in them. Data only: nothing here looks at the host or writes a file.
 */
package dev.wherry.daemon.runtime.spec;
