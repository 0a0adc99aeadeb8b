import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Prints so many ports of the loopback interface that are free now: {@code java FreePorts.java COUNT}. */
public final class FreePorts {
    private FreePorts() {}

    public static void main(String[] arguments) throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (ServerSocket socket : taken) {
            System.out.println(socket.getLocalPort());
            socket.close();
        }
    }
}
