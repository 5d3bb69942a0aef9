package dev.wherry.daemon.builder.progress;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives numbers to the steps of one build that no instruction of its Dockerfile stands for: triggers of base images,
 * loaded contexts, exports, the steps of a second build. They come after those of the instructions.
 */
public final class StepNumbers {

    private final AtomicInteger last;

    /** @param instructions how many instructions the Dockerfile has, which are numbered from 1 */
    public StepNumbers(int instructions) {
        this.last = new AtomicInteger(instructions);
    }

    /** A number that no other step of the build has. */
    public int next() {
        return last.incrementAndGet();
    }
}
