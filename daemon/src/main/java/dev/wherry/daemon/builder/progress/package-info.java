/** What a build tells its client while it runs. */
package dev.wherry.daemon.builder.progress;
