return Stratum.BlockNotify.NotifyProgram.Run(args);
