/** What a build reports while it runs: its steps, their output, transfers and failures, and warnings. */
package dev.wherry.daemon.builder.progress;
