/** What a Dockerfile says without a build: its outline, targets and checks. */
package dev.wherry.daemon.builder.report;
