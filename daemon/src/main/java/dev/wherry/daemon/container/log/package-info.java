/** The logs of containers: reading, following, searching and rotating the files that conmon writes, and the journal. */
package dev.wherry.daemon.container.log;
