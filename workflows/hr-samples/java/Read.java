// Print how requests ended; an event is deleted once it is printed, and comes again if this stops before.
import com.azure.core.util.Context;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.queue.QueueClientBuilder;
import java.time.Duration;

public class Read {
    public static void main(String[] args) {
        var queue = new QueueClientBuilder().endpoint(System.getenv("QUEUE_ENDPOINT")).queueName("number-events")
            .credential(new DefaultAzureCredentialBuilder().build()).buildClient();
        queue.receiveMessages(32, Duration.ofSeconds(60), null, Context.NONE).forEach(message -> {
            System.out.println(message.getBody());
            queue.deleteMessage(message.getMessageId(), message.getPopReceipt());
        });
    }
}
