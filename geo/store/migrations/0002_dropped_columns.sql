-- Names of the columns an import left out because they identify persons or are free text, as a JSON list; never their content.
ALTER TABLE batch ADD COLUMN dropped VARCHAR;
