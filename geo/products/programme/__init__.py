"""The programme "Toàn dân bảo vệ an ninh Tổ quốc": what was done where, and what is still to do."""
