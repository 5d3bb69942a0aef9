package dev.wherry.daemon.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PidfdTest {

    @Test
    void processIsSignalledOnce() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        int pid = (int) process.pid();
        long started = Processes.startTime(pid).orElseThrow();

        assertThat(Pidfd.signal(pid, started + 1, Processes.SIGKILL)).isFalse();
        assertThat(Pidfd.signal(pid, started, Processes.SIGKILL)).isTrue();
        process.waitFor();

        assertThat(Pidfd.signal(pid, started, Processes.SIGKILL)).isFalse();
    }

    @Test
    void processThatIsHeldIsTheSameToItsEnd() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        int pid = (int) process.pid();
        long started = Processes.startTime(pid).orElseThrow();

        assertThat(Pidfd.hold(pid, started + 1)).isEmpty();
        try (Pidfd.Held held = Pidfd.hold(pid, started).orElseThrow()) {
            assertThat(held.isAlive()).isTrue();
            process.destroyForcibly().waitFor();
            assertThat(held.isAlive()).isFalse();
        }
        assertThat(Pidfd.hold(pid, started)).isEmpty();
    }

    @Test
    void whoIsHeldNoMoreIsNotAsked() throws Exception {
        int self = (int) ProcessHandle.current().pid();
        Pidfd.Held held =
                Pidfd.hold(self, Processes.startTime(self).orElseThrow()).orElseThrow();

        held.close();
        held.close();

        assertThat(held.isAlive()).isFalse();
    }

    @Test
    void leaderOfASessionThatHasEndedIsGone() throws Exception {
        Process leader = new ProcessBuilder("setsid", "sh", "-c", "sleep 1000 & echo $!").start();
        int member = Integer.parseInt(leader.inputReader().readLine());
        leader.waitFor();
        try {
            assertThat(Pidfd.signal((int) leader.pid(), 1, Processes.SIGKILL)).isFalse();
        } finally {
            Processes.kill(member, Processes.SIGKILL);
        }
    }
}
